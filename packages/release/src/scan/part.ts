/** Something inside of something else. */
export interface Part {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Nothing a release is made of is larger; what is, is a mistake. */
export const mostUnpacked = 1024 * 1024 * 1024;
