import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { line, renderLine, safeText } from "./line.ts";
import { colourPaint, noPaint, paintFor } from "./paint.ts";
import { breakWorkflowCommands } from "./workflowCommands.ts";

describe("workflow commands in the text of an agent", () => {
  test.each([
    ["::add-mask::x", "\\::add-mask::x"],
    ["  \t::error ::x", "  \t\\::error ::x"],
    ["fine\r::error::x\n\n::debug::y", "fine\r\\::error::x\n\n\\::debug::y"],
    ["\u200b:\u00ad:error::x", "\u200b\\:\u00ad:error::x"],
    ["so ##[add-mask]x", "so ##\\[add-mask]x"],
    ["###[group]", "###\\[group]"],
    ["std::vector, a # b, [x]", "std::vector, a # b, [x]"],
  ])("are broken: %j is %j", (text, broken) => expect(breakWorkflowCommands(text)).toBe(broken));

  test("are not left in any text", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(":", "#", "[", " ", "\n", "\r", "\u200b", "a")), (signs) => {
        const broken = breakWorkflowCommands(signs.join("")).replaceAll("\u200b", "");
        for (const each of broken.split(/[\r\n]/)) expect(each).not.toMatch(/^\s*::|##\[/);
      }),
    );
  });

  test("are broken in lines and answers in GitHub Actions, and left alone elsewhere", () => {
    const [here, there] = [{ GITHUB_ACTIONS: "true" }, {}].map((env) => paintFor({ env, isTTY: false, flag: true }));
    expect(here === undefined ? "" : renderLine(line("  ::error::x"), here)).toBe("  \\::error::x");
    expect(here === undefined ? "" : safeText("::error::x", here)).toBe("\\::error::x");
    expect(there).toBe(noPaint);
    expect(renderLine(line("::error::x"), noPaint)).toBe("::error::x");
    const coloured = paintFor({ env: { GITHUB_ACTIONS: "true", FORCE_COLOR: "1" }, isTTY: false, flag: true });
    expect(coloured("bad", "x")).toBe(colourPaint("bad", "x"));
  });
});
