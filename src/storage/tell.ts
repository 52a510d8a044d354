import { inColumns, printable } from '../domain/errors.ts'

/** Says something beside the result: on standard error, in a window with its lines broken at words. */
export function tell(text: string): void {
  const { isTTY, columns } = process.stderr
  process.stderr.write(`${isTTY ? inColumns(printable(text), columns) : printable(text)}\n`)
}
