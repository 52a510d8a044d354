import chalk from 'chalk'

const { argv, env } = process
// chalk reads --color and FORCE_COLOR by itself, but not NO_COLOR.
if (argv.includes('--no-color') || (env.NO_COLOR && !argv.includes('--color'))) chalk.level = 0

/** Colors of middle brightness, which can be read on black and on white; in a terminal of 16 colors, the nearest. */
const middle = (color: number, plain: (text: string) => string) => (text: string) =>
  chalk.level > 1 ? chalk.ansi256(color)(text) : plain(text)

export const paint = {
  bold: (text: string) => chalk.bold(text),
  title: (text: string) => chalk.bold.underline(text),
  accent: middle(30, chalk.cyan),
  chosen: (text: string) => chalk.bold(paint.accent(text)),
  good: middle(28, chalk.green),
  warning: middle(130, chalk.yellow),
  late: middle(160, chalk.red),
  faint: middle(243, chalk.dim),
}

export const hasColor = () => chalk.level > 0
