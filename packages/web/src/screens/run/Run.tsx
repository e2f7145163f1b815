import { Page } from "../../app/Page.tsx";

export function Run() {
  return <Page title="Run">{null}</Page>;
}
