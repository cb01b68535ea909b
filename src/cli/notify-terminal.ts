/** A word to whoever looks away: a desktop notification where the terminal makes one, else its bell. */

const BELL = "\u0007";
const ESCAPE = "\u001b]";

/** Escape sequence that tells `text`, for the terminal that these variables describe. */
export function notification(text: string, { TERM = "", TERM_PROGRAM = "", VTE_VERSION }: NodeJS.ProcessEnv): string {
  const said = text.replace(/[^\P{C}]|;/gu, " ").slice(0, 200);
  if (["iTerm.app", "WezTerm", "ghostty"].includes(TERM_PROGRAM) || TERM.includes("kitty")) {
    return `${ESCAPE}9;${said}${BELL}`;
  }
  if (VTE_VERSION !== undefined || /^(foot|rxvt)/.test(TERM)) return `${ESCAPE}777;notify;Forkjoin;${said}${BELL}`;
  return BELL;
}

export function notifyTerminal(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(notification(text, process.env));
}
