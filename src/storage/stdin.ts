import { UserError } from '../domain/errors.ts'

/**
 * All that comes through the pipe, as UTF-8 text.
 * @throws UserError if nothing is piped in, with an example, or if it is not UTF-8.
 */
export async function allInput(what: string, example: string): Promise<string> {
  if (process.stdin.isTTY)
    throw new UserError(`Give ${what}, as an argument or through a pipe. Example: ${example}`)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new UserError(`What came through the pipe is not UTF-8 text. Nothing was written.`)
  }
}
