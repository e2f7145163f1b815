import { createDarwinPlatform } from "./darwin.ts";
import { createLinuxPlatform } from "./linux.ts";
import type { Platform } from "./platform.ts";
import { createWindowsPlatform } from "./windows.ts";

/** The means of the operating system we run on. Other Unix systems are asked by `ps`, like macOS. */
export function choosePlatform(name: NodeJS.Platform = process.platform): Platform {
  if (name === "linux") return createLinuxPlatform();
  return name === "win32" ? createWindowsPlatform() : createDarwinPlatform();
}
