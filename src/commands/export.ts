import { didYouMean, UserError } from '../errors.ts'
import { FORMATS, type Format } from '../export/index.ts'
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
  process.stdout.write(FORMATS[wanted as Format](guide, notes))
  return 0
}
