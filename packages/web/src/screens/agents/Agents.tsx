import { Page } from "../../app/Page.tsx";

export function Agents() {
  return <Page title="Agents">{null}</Page>;
}
