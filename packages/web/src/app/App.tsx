import { Route, Switch } from "wouter";
import { useConnection } from "../data/LiveProvider.tsx";
import { SignIn } from "../screens/signIn/SignIn.tsx";
import { Boundary } from "./Boundary.tsx";
import { NotFound } from "./NotFound.tsx";
import { screens } from "./screens.ts";
import { Shell } from "./Shell.tsx";
import { useReadAhead } from "./useReadAhead.ts";

/** Every address of the page. */
export function App() {
  const { is } = useConnection();
  useReadAhead();
  if (is === "signed-out") return <SignIn />;
  return (
    <Shell>
      <Boundary>
        <Switch>
          {screens.map(({ path, screen: Screen }) => (
            <Route key={path} path={path}>
              <Screen />
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Boundary>
    </Shell>
  );
}
