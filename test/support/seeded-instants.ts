/** Numbers from 0 up to 1 that look random and are the same for the same seed (a multiplicative congruential generator, modulus 2^31 - 1). */
export function seededNumbers(seed: number): () => number {
  let state = ((Math.imul(seed, 48_271) >>> 1) % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
