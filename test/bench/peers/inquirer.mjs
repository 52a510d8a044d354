import { input } from '@inquirer/prompts'

await input({ message: 'What stands out to you about this standard and why?' })
