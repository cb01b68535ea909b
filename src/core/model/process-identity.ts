/** How a process is known again by others, and after it has ended. */
import { z } from "zod";

/** A process as the operating system knows it; a reused pid has another start time, a rebooted machine another boot id. */
export const ProcessIdentity = z.object({
  host: z.string(),
  pid: z.number().int(),
  start_time: z.string(),
  boot_id: z.string(),
  /** of the operating system's installation, where it has one: stays when the host is renamed or rebooted */
  machine_id: z.string().optional(),
  /** the namespace in which `pid` means this process, where the system has such */
  pid_namespace: z.string().optional(),
  /** name of the lock that the process holds as long as it lives, however it ends */
  lock: z.string().optional(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;
