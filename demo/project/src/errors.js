/** What the user wrote cannot be used; the message says what to write instead. Anything else that is thrown is a bug. */
export class InvalidInput extends Error {
  name = "InvalidInput";
}
