import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { UserError } from '../domain/errors.ts'
import type { FacilitationState, StepState } from '../domain/facilitation.ts'
import { parseYaml } from '../schema/yaml.ts'
import { readText, realTarget, writeAtomically } from './atomic-file.ts'

/** What is kept of leading a plan: the session, who took part, and what the steps took the time before. */
export interface KeptSession {
  leading: FacilitationState
  groups: { label: string; element?: string | undefined }[]
  before?: StepState[] | undefined
  /** Whether people here say times with am and pm. */
  twelve?: boolean | undefined
}

const number = z.number()
const step = z.strictObject({ id: z.string(), planned: number, allotted: number, actual: number })
const session = z.strictObject({
  format: z.literal(1),
  leading: z.strictObject({
    steps: z.array(step),
    at: number,
    startedAt: z.optional(number),
    since: z.optional(number),
    seen: z.optional(number),
    until: z.optional(number),
    over: number,
  }),
  groups: z.array(z.strictObject({ label: z.string(), element: z.optional(z.string()) })),
  before: z.optional(z.array(step)),
  twelve: z.optional(z.boolean()),
})
const SESSION = { kind: 'session', schema: session }

/** `.PLAN.session.json` beside the notes: where a room is in its plan, planned and actual minutes. */
export class SessionFile {
  readonly path: string
  #last: Promise<void> = Promise.resolve()

  constructor(notesPath: string, plan: string) {
    this.path = join(dirname(notesPath), `.${plan}.session.json`)
  }

  /**
   * What was kept; undefined if the plan was never led here.
   * @throws UserError if somebody changed the file so that it cannot be read.
   */
  async read(): Promise<KeptSession | undefined> {
    const text = await readText(this.path)
    if (text === undefined) return undefined
    const { leading, groups, before, twelve } = this.#parsed(text)
    return { leading, groups, ...(before && { before }), ...(twelve && { twelve }) }
  }

  #parsed(text: string): KeptSession {
    try {
      return parseYaml({ name: this.path, text }, SESSION)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new UserError(
        `${this.path} keeps the clock of this plan and cannot be read. Delete it to begin the plan anew; what the groups have written stays.`,
      )
    }
  }

  /** Writes one after the other, so that the last is what stands. */
  write(kept: KeptSession): Promise<void> {
    const content = `${JSON.stringify({ format: 1, ...kept }, null, 2)}\n`
    const write = async () => {
      await writeAtomically(realTarget(this.path), content)
    }
    this.#last = this.#last.then(write, write)
    return this.#last
  }
}

/** What the steps took in the last session that was led to its end, or else in the one that stands open. */
export function lastTimes(kept: KeptSession | undefined): StepState[] | undefined {
  if (!kept) return undefined
  const { leading, before } = kept
  const ended = leading.at >= leading.steps.length
  return ended ? leading.steps : (before ?? (leading.startedAt === undefined ? undefined : leading.steps))
}
