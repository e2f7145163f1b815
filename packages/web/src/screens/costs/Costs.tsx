import { Page } from "../../app/Page.tsx";

export function Costs() {
  return <Page title="Costs">{null}</Page>;
}
