import { Page } from "../../app/Page.tsx";

export function NewRun() {
  return <Page title="NewRun">{null}</Page>;
}
