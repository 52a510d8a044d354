/* The time in letters three rows high, to be read from the last row of a room. */

const FIGURES: Record<string, readonly [string, string, string]> = {
  '0': ['█▀█', '█ █', '▀▀▀'],
  '1': ['▀█ ', ' █ ', '▀▀▀'],
  '2': ['▀▀█', '█▀▀', '▀▀▀'],
  '3': ['▀▀█', ' ▀█', '▀▀▀'],
  '4': ['█ █', '▀▀█', '  ▀'],
  '5': ['█▀▀', '▀▀█', '▀▀▀'],
  '6': ['█▀▀', '█▀█', '▀▀▀'],
  '7': ['▀▀█', '  █', '  ▀'],
  '8': ['█▀█', '█▀█', '▀▀▀'],
  '9': ['█▀█', '▀▀█', '▀▀▀'],
  ':': ['▄', '▄', ' '],
  '-': ['  ', '▀▀', '  '],
}

const DIGIT_ROWS = 3

/** A time such as `-4:07` as three rows of equal length. */
export function inDigits(time: string): string[] {
  return Array.from({ length: DIGIT_ROWS }, (_, row) =>
    [...time].map(figure => FIGURES[figure]?.[row] ?? figure).join(' '),
  )
}
