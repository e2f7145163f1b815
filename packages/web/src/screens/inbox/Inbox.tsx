import { Page } from "../../app/Page.tsx";

export function Inbox() {
  return <Page title="Inbox">{null}</Page>;
}
