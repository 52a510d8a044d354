import chalk from 'chalk'

// chalk does not know this convention; the renderer of Markdown draws with the same chalk.
if (process.env.NO_COLOR) chalk.level = 0

export { chalk }
