import type { Document } from '../export/document.ts'
import type { Format } from '../export/formats.ts'
import { type Destination, printNotice, writeResult } from '../storage/io.ts'
import type { Options } from '../storage/locate.ts'

type PageFormat = Extract<Format, { carries: 'page' | 'table' }>

/** A document written, and the ending of the file name: `html` for a PDF that no browser here could print. */
export async function rendered({ write, endings }: PageFormat, document: Document) {
  const content = await write(document)
  const isPage = endings[0] === 'pdf' && !(content instanceof Uint8Array)
  return { content, ...(isPage && { instead: 'html' }) }
}

/** Where a document goes. `stem`: its path without the ending, where a person would not want it on the screen. */
export function placeFor(
  { output, overwrite }: Options,
  { file, endings }: Pick<Format, 'file' | 'endings'>,
  stem: string,
  inputs: readonly string[],
): Destination {
  return { output, overwrite, inputs, beside: file ? `${stem}.${endings[0]}` : undefined }
}

export const HOW_TO_PRINT =
  'This is a web page, not a PDF: no Chrome, Edge or Chromium was found to make one. Open the page in any browser, print it, and choose "Save as PDF".'

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
  return code
}
