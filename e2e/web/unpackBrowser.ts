import chromium from "@sparticuz/chromium";

/**
 * The browser comes packed and is unpacked where it is first asked for: once, before two test files ask for it at the same moment and
 * one of them starts what is only half there. Where there is none for this machine, each file says so itself.
 */
export async function setup(): Promise<void> {
  await chromium.executablePath().catch(() => undefined);
}
