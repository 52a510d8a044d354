import { input } from '@inquirer/prompts'
import questions from './questions.mjs'

for (const { text } of questions) await input({ message: text })
