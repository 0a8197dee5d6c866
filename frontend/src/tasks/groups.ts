import type { TaskView, Which } from "./contract";

export interface Group {
  key: string;
  client: TaskView["client"];
  initials: string;
  meeting: string | undefined;
  tasks: TaskView[];
}

/** Everything about one person stands together; whoever has the task that is due first comes first. Done: as it came. */
export function byClient(tasks: readonly TaskView[], which: Which): Group[] {
  const groups = new Map<string, Group>();
  for (const task of tasks) {
    const key =
      which === "done" ? task.id : (task.client?.id ?? task.group_session?.id ?? `alone-${task.id}`);
    const group = groups.get(key) ?? {
      key,
      client: task.client,
      initials: task.initials,
      meeting: task.group_session?.name,
      tasks: [],
    };
    group.tasks.push(task);
    groups.set(key, group);
  }
  return [...groups.values()];
}
