import type { Terminal } from '@xterm/headless'

/* A terminal's screen as a picture that every page can show: characters as text, colours as the terminal's own. */

const COLUMN = 8.4
const ROW = 19
const EDGE = 16
/** Of the terminal's first sixteen colours, those that the program uses. */
const PALETTE: Record<number, string> = { 1: '#f38b8b', 2: '#8fd19e', 3: '#e8c766', 6: '#6fc7d9' }
const INK = '#e6e6e6'
const PAPER = '#1c2027'

interface Run {
  from: number
  cells: number
  text: string
  style: string
}

/** The screen as SVG. `what` says in words what it shows. */
export function pictureOf(term: Terminal, what: string): string {
  const { active: buffer } = term.buffer
  const width = term.cols * COLUMN + 2 * EDGE
  const height = term.rows * ROW + 2 * EDGE
  const rows = Array.from({ length: term.rows }, (_, row) => {
    const y = (EDGE + row * ROW + 14).toFixed(0)
    return runsIn(term, buffer.baseY + row).map(
      ({ from, cells, text, style }) =>
        `<text x="${(EDGE + from * COLUMN).toFixed(1)}" y="${y}" textLength="${(cells * COLUMN).toFixed(1)}"${style}>${escaped(text).replaceAll(' ', '\u00a0')}</text>`,
    )
  })
  const caret = `<rect x="${(EDGE + buffer.cursorX * COLUMN).toFixed(1)}" y="${EDGE + buffer.cursorY * ROW}" width="2" height="${ROW - 2}" fill="${INK}"/>`
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(what)}">`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${INK}" xml:space="preserve">`,
    ...rows.flat(),
    '</g>',
    caret,
    '</svg>',
  ].join('\n')}\n`
}

/** The words of a row, in pieces of one look each. */
function runsIn(term: Terminal, row: number): Run[] {
  const line = term.buffer.active.getLine(row)
  const runs: Run[] = []
  for (let column = 0; column < term.cols; column++) {
    const cell = line?.getCell(column)
    if (!cell || cell.getWidth() === 0) continue
    const style = [
      cell.isFgPalette() ? ` fill="${PALETTE[cell.getFgColor()] ?? INK}"` : '',
      cell.isBold() ? ' font-weight="bold"' : '',
      cell.isDim() ? ' opacity=".65"' : '',
      cell.isUnderline() ? ' text-decoration="underline"' : '',
    ].join('')
    const last = runs.at(-1)
    const text = cell.getChars() || ' '
    if (last && last.style === style) {
      last.text += text
      last.cells += cell.getWidth()
    } else runs.push({ from: column, cells: cell.getWidth(), text, style })
  }
  return runs.filter(({ text }) => text.trim() !== '').map(trimmed)
}

/** Without the spaces at the end, which would stretch the words. */
function trimmed(run: Run): Run {
  const text = run.text.trimEnd()
  return { ...run, text, cells: run.cells - (run.text.length - text.length) }
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
