import { useConnection } from "../data/LiveProvider.tsx";
import { StaleNote } from "../kit/Notes.tsx";
import { useClock } from "../settings/SettingsProvider.tsx";

/** From when what is shown is, where the server does not answer; nothing where it does. */
export function NotLive({ children }: { readonly children?: string }) {
  const connection = useConnection();
  const { exactly } = useClock();
  if (connection.is !== "reconnecting") return null;
  return (
    <StaleNote>
      <span>
        The server does not answer. This is how it was on {exactly(connection.since)}; it may be otherwise by now.{" "}
        {children}
      </span>
    </StaleNote>
  );
}
