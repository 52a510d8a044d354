import { stripControls } from '../domain/errors.ts'
import type { Document } from '../export/document.ts'
import { type Format, HOW_TO_PRINT, type PageFormat, rendered } from '../export/formats.ts'
import { type Content, piecesOf } from '../storage/atomic-file.ts'
import { type Destination, printNotice, writeResult } from '../storage/io.ts'
import type { Options } from '../storage/locate.ts'
import { canOpen, openInBrowser, prefersPlain } from '../ui/environment.ts'
import { renderMarkdown } from '../ui/terminal/markdown.ts'
import { askerFor } from './choose-ui.ts'

/** Where a document goes. `stem`: its path without the ending, where a person would not want it on the screen. */
export function placeFor(
  { output, overwrite, accessible }: Options,
  { file, endings }: Pick<Format, 'file' | 'endings'>,
  stem: string,
  inputs: readonly string[],
): Destination {
  return { output, overwrite, accessible, inputs, beside: file ? `${stem}.${endings[0]}` : undefined }
}

/** Whether Markdown is drawn for a person at a terminal, and not written as it is. */
export const isDrawn = (
  { output, accessible = false }: Options,
  { endings: [ending] }: Pick<Format, 'endings'>,
) => ending === 'md' && output === undefined && process.stdout.isTTY && !prefersPlain(accessible)

/** @returns the exit code. */
export async function showMarkdown(content: Content): Promise<number> {
  const text = [...piecesOf(content)].join('')
  process.stdout.write(await renderMarkdown(stripControls(text), process.stdout.columns))
  return 0
}

/** Puts a document where it belongs, and says where that is. Returns the exit code. */
export async function writeDocument(
  format: PageFormat,
  document: Document,
  { output, beside, ...destination }: Destination,
): Promise<number> {
  const { content, instead } = await rendered(format, document)
  const named = (path: string | undefined) => path?.replace(/\.pdf$/i, instead ? `.${instead}` : '$&')
  const code = await writeResult(content, { ...destination, output: named(output), beside: named(beside) })
  if (instead) printNotice(HOW_TO_PRINT)
  const made = output === undefined && code === 0 ? named(beside) : undefined
  if (made !== undefined && process.stdout.isTTY && canOpen()) await offerToOpen(made, destination.accessible)
  return code
}

async function offerToOpen(path: string, accessible?: boolean): Promise<void> {
  const choices = [
    { name: 'open it now', value: true },
    { name: 'not now', value: false },
  ]
  if (await askerFor(accessible)?.('Open it now?', choices)) await openInBrowser(path)
}
