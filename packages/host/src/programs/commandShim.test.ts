import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scriptOfShim } from "./commandShim.ts";

/** As npm's cmd-shim writes it. */
const npmShim = `@ECHO off\r
GOTO start\r
:find_dp0\r
SET dp0=%~dp0\r
EXIT /b\r
:start\r
SETLOCAL\r
CALL :find_dp0\r
\r
IF EXIST "%dp0%\\node.exe" (\r
  SET "_prog=%dp0%\\node.exe"\r
) ELSE (\r
  SET "_prog=node"\r
  SET PATHEXT=%PATHEXT:;.JS;=;%\r
)\r
\r
endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  "%dp0%\\node_modules\\@google\\gemini-cli\\bundle\\gemini.js" %*\r
`;

describe("a batch file", () => {
  test("that npm made names the script it starts", () => {
    expect(scriptOfShim(npmShim)).toBe("node_modules/@google/gemini-cli/bundle/gemini.js");
    const folder = npmShim.replace('"%dp0%\\node_modules', '"%~dp0\\..\\node_modules');
    expect(scriptOfShim(folder)).toBe("../node_modules/@google/gemini-cli/bundle/gemini.js");
  });

  test("that somebody else made names none, nor one with words in between", () => {
    expect(scriptOfShim("@echo off\r\nnode C:\\tools\\agent.js %*\r\n")).toBeUndefined();
    expect(scriptOfShim(npmShim.replace('"%_prog%"  ', '"%_prog%"  --inspect '))).toBeUndefined();
    expect(scriptOfShim(npmShim.replace("node_modules\\", "%EVIL%\\"))).toBeUndefined();
  });

  test("that was cut or damaged names none, or the same", () => {
    const whole = scriptOfShim(npmShim);
    fc.assert(
      fc.property(fc.nat({ max: npmShim.length }), fc.string(), (at, text) => {
        expect([whole, undefined]).toContain(scriptOfShim(npmShim.slice(0, at)));
        expect(scriptOfShim(text)).toBeUndefined();
      }),
    );
  });
});
