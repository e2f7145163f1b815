import { Page } from "../../app/Page.tsx";

export function Compare() {
  return <Page title="Compare">{null}</Page>;
}
