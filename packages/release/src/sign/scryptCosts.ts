interface ScryptCosts {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

const blockSize = 8;
const leastOperations = 32_768;

/** What libsodium makes of its two limits, which are what a key's file tells. */
export function scryptCosts(operations: number, memory: number): ScryptCosts {
  const most = Math.max(operations, leastOperations);
  if (most < memory / 32) {
    return { cost: powerAbove(most / (blockSize * 4) / 2), blockSize, parallelization: 1 };
  }
  const cost = powerAbove(memory / (blockSize * 128) / 2);
  return { cost, blockSize, parallelization: Math.max(1, Math.floor(most / 4 / cost / blockSize)) };
}

function powerAbove(value: number): number {
  let power = 2;
  while (power <= value) power *= 2;
  return power;
}
