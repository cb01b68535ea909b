/** Time, as something that can be replaced. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
}
