import { getCACertificates } from "node:tls";

/**
 * Whose certificates are believed, in PEM: those Node ships with and `NODE_EXTRA_CA_CERTS`, and those of the system, where an
 * administrator puts a company's own (on Linux also what `SSL_CERT_FILE` and `SSL_CERT_DIR` name).
 */
export function authorities(): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
}
