import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Unreadable } from "../unreadable.ts";

/** A file that an attestation speaks of. */
export interface Subject {
  readonly name: string;
  /** In hex, small letters. */
  readonly sha256: string;
}

/** What a sigstore bundle says, read and not believed: only sigstore's root of trust tells whose word it is. */
export interface Bundle {
  /** A statement about files (`gh attestation`), or the signature of one file (`cosign sign-blob`). */
  readonly of: "statement" | "file";
  /** At least one. The signature of a file names none: its name is empty. */
  readonly subjects: readonly Subject[];
}

/** Bytes; an SBOM inside included. */
export const longestBundle = 16 * 1024 * 1024;
const mostBundles = 1000;
const bundleType = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v\d+\.\d+\+json|\+json;version=\d+\.\d+)$/;
const statementType = /^https:\/\/in-toto\.io\/Statement\/v\d+(?:\.\d+)?$/;

/** What GitHub's `attest` and sigstore call the file they write. Anything may be called so: it says what to read it as. */
export function isBundleName(name: string): boolean {
  return /(?:^|\/)attestation\.json$|\.sigstore\.json$/.test(name);
}

/** Reads one sigstore bundle, or one a line as GitHub writes several. Says no to whatever it does not understand whole. */
export function parseBundles(content: Uint8Array): readonly Bundle[] | Unreadable {
  const values = valuesOf(content);
  if (values === undefined) return { problem: "it is no JSON" };
  if (values.length === 0 || values.length > mostBundles) return { problem: "it holds no bundle, or too many" };
  const bundles: Bundle[] = [];
  for (const value of values) {
    const bundle = parseBundle(value);
    if ("problem" in bundle) return bundle;
    bundles.push(bundle);
  }
  return bundles;
}

function parseBundle(value: JsonValue): Bundle | Unreadable {
  const type = memberOf(value, "mediaType");
  if (typeof type !== "string" || !bundleType.test(type)) return { problem: "it is no sigstore bundle" };
  if (!isJsonObject(memberOf(value, "verificationMaterial"))) {
    return { problem: "it has nothing to check its signature with" };
  }
  const envelope = memberOf(value, "dsseEnvelope");
  const message = memberOf(value, "messageSignature");
  // With both it would say one thing to us and another to who checks the signature.
  if (isJsonObject(envelope) && message === undefined) return parseEnvelope(envelope);
  if (isJsonObject(message) && envelope === undefined) return parseMessage(message);
  return { problem: "it holds neither a statement nor the signature of a file" };
}

function parseEnvelope({ payload, payloadType, signatures }: JsonObject): Bundle | Unreadable {
  if (payloadType !== "application/vnd.in-toto+json") return { problem: "what it signs is no in-toto statement" };
  if (!Array.isArray(signatures) || !signatures.some((each) => bytesOf(memberOf(each, "sig")) !== undefined)) {
    return { problem: "its statement is not signed" };
  }
  const bytes = bytesOf(payload);
  const [statement] = (bytes === undefined ? undefined : valuesOf(bytes)) ?? [];
  const type = memberOf(statement, "_type");
  if (typeof type !== "string" || !statementType.test(type)) {
    return { problem: "what it signs is no in-toto statement" };
  }
  const found = memberOf(statement, "subject");
  if (!Array.isArray(found) || found.length === 0) return { problem: "its statement speaks of no file" };
  const subjects = found.map(subjectOf);
  return subjects.every((each) => each !== undefined)
    ? { of: "statement", subjects }
    : { problem: "its statement speaks of a file without its SHA-256" };
}

function subjectOf(value: JsonValue): Subject | undefined {
  const name = memberOf(value, "name");
  const sha256 = memberOf(memberOf(value, "digest"), "sha256");
  if (typeof name !== "string" || typeof sha256 !== "string") return undefined;
  return /^[0-9a-f]{64}$/.test(sha256) ? { name, sha256 } : undefined;
}

function parseMessage(message: JsonObject): Bundle | Unreadable {
  if (bytesOf(message["signature"]) === undefined) return { problem: "it has no signature" };
  const digest = memberOf(message, "messageDigest");
  const bytes = bytesOf(memberOf(digest, "digest"));
  if (memberOf(digest, "algorithm") !== "SHA2_256" || bytes?.length !== 32) {
    return { problem: "it does not name the SHA-256 of what it signs" };
  }
  return { of: "file", subjects: [{ name: "", sha256: bytes.toString("hex") }] };
}

/** One value, however it is written, else one a line. */
function valuesOf(content: Uint8Array): readonly JsonValue[] | undefined {
  const text = Buffer.from(content).toString("utf8");
  const whole = valueOf(text);
  if (whole !== undefined) return [whole];
  const values = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(valueOf);
  return values.every((each) => each !== undefined) ? values : undefined;
}

function valueOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Canonical base64 of at least one byte. */
function bytesOf(value: JsonValue | undefined): Buffer | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const bytes = Buffer.from(value, "base64");
  return bytes.toString("base64") === value ? bytes : undefined;
}
