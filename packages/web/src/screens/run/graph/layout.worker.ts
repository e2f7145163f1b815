import { layoutOf } from "./layout.ts";
import type { LayoutInput } from "./layout.ts";

addEventListener("message", ({ data }: MessageEvent<{ readonly number: number; readonly input: LayoutInput }>) => {
  postMessage({ number: data.number, layout: layoutOf(data.input) });
});
