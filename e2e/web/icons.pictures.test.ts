import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { describeInBrowser } from "./browser.ts";

const folder = fileURLToPath(new URL("../../packages/web/public", import.meta.url));

/** Where the system cuts a shape of its own out of an icon, four fifths of it are sure to be seen. */
const seenShare = 0.72;

const icons = [
  { file: "icon-192.png", size: 192, isCut: false },
  { file: "icon-512.png", size: 512, isCut: false },
  { file: "icon-maskable-512.png", size: 512, isCut: true },
] as const;

await describeInBrowser("the icons of what is installed", (browser) => {
  test("are the page's own, at the sizes that systems ask for", async () => {
    const drawing = readFileSync(join(folder, "icon.svg"), "utf8");
    const ground = /<rect[^>]*fill="(#\w+)"/.exec(drawing)?.[1] ?? "";
    const address = `data:image/svg+xml;base64,${Buffer.from(drawing).toString("base64")}`;
    for (const { file, size, isCut } of icons) {
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      const side = isCut ? Math.round(size * seenShare) : size;
      const body = `margin:0;height:100vh;display:grid;place-items:center;background:${isCut ? ground : "transparent"}`;
      await page.setContent(`<body style="${body}"><img src="${address}" width="${side}" height="${side}"></body>`);
      await page.waitForFunction("document.images[0].complete");
      await page.screenshot({ path: join(folder, file), omitBackground: true });
      await page.close();
    }
  });
});
