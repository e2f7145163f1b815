import { Page } from "../../app/Page.tsx";

export function Schedules() {
  return <Page title="Schedules">{null}</Page>;
}
