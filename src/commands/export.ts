import { wordCount } from '../answers.ts'
import { didYouMean, UserError } from '../errors.ts'
import { FORMATS, type Format } from '../export/index.ts'
import { goOnCommand } from '../files/invocation.ts'
import { unsavedDrafts } from '../files/left-behind.ts'
import { type Common, locate } from '../files/locate.ts'

/** Writes the answers in a format for other programs to standard output. */
export async function exportNotes(format: string | undefined, options: Common): Promise<number> {
  const names = Object.keys(FORMATS)
  const wanted = format ?? 'json'
  if (!Object.hasOwn(FORMATS, wanted))
    throw new UserError(
      `"${wanted}" is no format. ${didYouMean(wanted, names) || `Formats: ${names.join(', ')}.`}`,
    )
  const { path, guide, notes } = await locate(options)
  if (!notes)
    throw new UserError(
      `There are no notes yet at ${path}. Begin them with pl-stories, or name others with --notes.`,
    )
  for (const { question, text } of await unsavedDrafts(path, notes.answers))
    process.stderr.write(
      `Not in your notes and so not in here: what you were writing at ${question} (${wordCount(text)}). To go on there: ${goOnCommand(path, options.guide)}\n`,
    )
  process.stdout.write(FORMATS[wanted as Format](guide, notes))
  return 0
}
