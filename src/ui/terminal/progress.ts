/** Work that takes no longer than this is not worth a word. */
const QUIET_MS = 700
const EVERY_MS = 100
const EVERY_SPOKEN_MS = 10_000

export interface Progress {
  /** So much is done. */
  at(done: number): void
  /** Clears the line. */
  end(): void
}

/**
 * How far long work is, on a terminal: one line drawn anew, or for a screen reader a line now and then. Nowhere
 * else.
 */
export function progress(
  out: NodeJS.WriteStream,
  spoken: boolean,
  line: (done: number) => string,
  now = () => performance.now(),
): Progress {
  if (!out.isTTY) return { at() {}, end() {} }
  let next = now() + QUIET_MS
  let drawn = false
  return {
    at(done) {
      if (now() < next) return
      next = now() + (spoken ? EVERY_SPOKEN_MS : EVERY_MS)
      out.write(spoken ? `${line(done)}\n` : `\r${line(done)}\u001b[K`)
      drawn = !spoken
    },
    end() {
      if (drawn) out.write('\r\u001b[K')
      drawn = false
    },
  }
}
