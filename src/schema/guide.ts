import * as z from 'zod/mini'
import { problemsError, type Source } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { buildGuide, type GuideForm } from '../domain/guide-form.ts'
import { address, id, languageTag, reference, text } from './fields.ts'
import { guideProblems } from './guide-problems.ts'
import { proposedId } from './proposals.ts'
import { type Examined, examineYaml, type Form } from './yaml.ts'

const links = z.optional(z.array(z.strictObject({ title: text, url: address })))
const question = z.strictObject({ id, text })
const section = { title: text, intro: z.optional(text), links, videos: links }

/** The form of a guide file. `guide/README.md` explains it to authors. */
export const guideSchema = z.strictObject({
  id,
  name: id,
  language: z.optional(languageTag),
  title: text,
  subtitle: z.optional(text),
  source: z.strictObject({
    publisher: text,
    url: z.optional(address),
    note: z.optional(text),
  }),
  overview: z.optional(text),
  warmup: z.optional(z.strictObject({ ...section, questions: z.array(question) })),
  stories: z.strictObject({
    ...section,
    elements: z.array(
      z.strictObject({
        id,
        title: text,
        framing: z.optional(text),
        story: z.optional(z.array(question)),
        'lead-in': z.optional(text),
        comparison: z.optional(
          z.array(
            z.strictObject({ id, compares: z.optional(reference('a story question of this element')), text }),
          ),
        ),
      }),
    ),
  }),
  action: z.optional(z.strictObject({ ...section, questions: z.array(question) })),
})

const GUIDE: Form<GuideForm> = {
  what: 'guide',
  schema: guideSchema,
  further: guideProblems,
  proposed: proposedId,
}

export type ExaminedGuide = Pick<Examined<GuideForm>, 'problems' | 'read'> & {
  guide?: Guide
  /** What the guide is built of. */
  form?: GuideForm
}

/** Reads a text that should be a guide. Never throws. */
export function examineGuide(source: Source): ExaminedGuide {
  const { read, problems, value } = examineYaml(source, GUIDE)
  return { read, problems, ...(value && { guide: buildGuide(value), form: value }) }
}

/** @throws UserError with every problem as file:line:column, if the text is no guide. */
export function parseGuide(source: Source): Guide {
  const { guide, problems } = examineGuide(source)
  if (!guide) throw problemsError(problems, source)
  return guide
}
