import { multiline } from '@clack/prompts'

await multiline({ message: 'What stands out to you about this standard and why?' })
