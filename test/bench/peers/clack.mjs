import { multiline } from '@clack/prompts'
import questions from './questions.mjs'

for (const { text } of questions) await multiline({ message: text })
