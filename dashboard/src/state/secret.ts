const bytes = 32;

/** A secret that signs webhooks, in the form of Standard Webhooks. `random` fills an array with random bytes. */
export function newSecret(random: (array: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  return `whsec_${btoa(String.fromCharCode(...random(new Uint8Array(bytes))))}`;
}
