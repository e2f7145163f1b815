import { Page } from "../../app/Page.tsx";

export function System() {
  return <Page title="System">{null}</Page>;
}
