/** A hand needs at least this long from one key to the next. */
const KEY_MS = 20
const BEAT_MS = 10
/** A timer may be late by this much without anything having held us up. */
const LATE_MS = 5
/** So long after the last key it is not worth while to keep watch: nothing is under way that could hold us up. */
const AWAKE_MS = 3000

/**
 * Keeps watch on how long nobody listened to the keyboard, because the program was busy or the machine was. What is
 * typed ahead meanwhile arrives in one piece, as a paste does.
 */
export class Attention {
  #beat: NodeJS.Timeout | undefined
  #last = 0
  #awakeUntil = 0
  #absence = { ms: 0, until: 0 }
  #opening = false

  /** From now on somebody listens; what was typed before comes first. */
  open(): void {
    this.#opening = true
    // By the second turn of the loop what had been waiting has been read.
    setImmediate(() =>
      setImmediate(() => {
        this.#opening = false
      }),
    )
    this.#wake()
  }

  close(): void {
    clearTimeout(this.#beat)
    this.#beat = undefined
  }

  /** Whether a hand may have typed a piece key by key while nobody listened. */
  typedAhead(piece: string): boolean {
    const absent = this.#absent(performance.now())
    this.#wake()
    return this.#opening || ([...piece].length - 1) * KEY_MS <= absent
  }

  #absent(now: number): number {
    const { ms, until } = this.#absence
    return Math.max(this.#beat ? now - this.#last : 0, now < until ? ms : 0)
  }

  #wake(): void {
    const now = performance.now()
    this.#awakeUntil = now + AWAKE_MS
    if (this.#beat) return
    this.#last = now
    this.#schedule()
  }

  #schedule(): void {
    this.#beat = setTimeout(() => this.#tick(), BEAT_MS).unref()
  }

  #tick(): void {
    const now = performance.now()
    const ms = now - this.#last
    if (ms > BEAT_MS + LATE_MS) this.#absence = { ms, until: now + BEAT_MS }
    this.#last = now
    if (now < this.#awakeUntil) this.#schedule()
    else this.#beat = undefined
  }
}
