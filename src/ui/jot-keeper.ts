import { sentenceOf } from '../domain/errors.ts'

/**
 * Keeps jots one after the other. One that cannot be saved just now, as in notes that somebody has broken, waits and
 * is tried again with the next; what waits at the end is for whoever called to keep.
 */
export class JotKeeper {
  readonly #jot: (line: string) => Promise<void>
  readonly #waiting: string[] = []
  #saving: Promise<void> = Promise.resolve()
  /** Why something waits; empty if nothing does. */
  trouble = ''

  get waiting(): readonly string[] {
    return this.#waiting
  }

  constructor(jot: (line: string) => Promise<void>) {
    this.#jot = jot
  }

  /** @returns when all that could be saved is. */
  keep(...lines: string[]): Promise<void> {
    this.#waiting.push(...lines)
    this.#saving = this.#saving.then(() => this.#save())
    // Whoever waits for it is told; while nobody does, it must not end the program.
    this.#saving.catch(() => {})
    return this.#saving
  }

  /** Tries once more. @returns what could not be saved, which is then not here any more. */
  async end(): Promise<string[]> {
    await this.keep()
    return this.#waiting.splice(0)
  }

  async #save(): Promise<void> {
    this.trouble = ''
    for (const line of [...this.#waiting]) {
      try {
        await this.#jot(line)
        this.#waiting.splice(this.#waiting.indexOf(line), 1)
      } catch (error) {
        this.trouble = sentenceOf(error)
      }
    }
  }
}
