/** Secrets that only their holder can show: made at random, kept as a digest. */

export interface Tokens {
  /** 128 random bits as text that is safe in JSON and URLs */
  make(): string;
  digest(token: string): string;
}
