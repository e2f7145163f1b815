/** The path this page is served under, without a slash at its end: "" or "/sub/path". The server writes it into `<base>`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/\/+$/, "");
}
