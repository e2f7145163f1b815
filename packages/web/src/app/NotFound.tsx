import { Link, useLocation } from "wouter";
import { Empty } from "../kit/Notes.tsx";
import { Page } from "./Page.tsx";

export function NotFound() {
  const [path] = useLocation();
  return (
    <Page title="There is no such page">
      <Empty title={`Nothing is at ${path}`}>
        <p>
          <Link href="/">What runs now</Link>
        </p>
      </Empty>
    </Page>
  );
}
