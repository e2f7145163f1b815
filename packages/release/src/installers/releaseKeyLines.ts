/**
 * Whose signature an installer believes: minisign's public keys. There is no release key yet; anybody can make the test key's secret half,
 * and an installer says of what it has signed that it is no release.
 */
export const releaseKeyLines: readonly string[] = ["RWTypBGYIoMoFFUpjS++zGIAOz6suqHSZzw+KJkplkqxsuQcTa2aagI7"];
