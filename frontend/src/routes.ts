import { createRouter } from "sv-router";
import Now from "./board/Now.svelte";
import Pressed from "./emergency/Pressed.svelte";
import CouldNotLoad from "./shell/CouldNotLoad.svelte";
import NotFound from "./shell/NotFound.svelte";

/**
 * The board is in the first file, and the state of a press on Emergency; what else that press paints comes right after the board
 * (`shell/second.ts`), and every other screen is fetched when it is opened. A file that does not arrive
 * (no connection, a newer version was published) shows a page that says so: the router alone would hang.
 */
const missing = () => ({ default: CouldNotLoad });

export const { p, navigate, isActive, route } = createRouter({
  "/": Now,
  "/emergency": Pressed,
  "/incidents": () => import("./log/Log.svelte").catch(missing),
  "/incidents/:id": () => import("./incident/Incident.svelte").catch(missing),
  "/incidents/:id/dispatch": () => import("./emergency/Screen.svelte").catch(missing),
  "/incidents/:id/duty": () => import("./emergency/Duty.svelte").catch(missing),
  "/prepare": () => import("./prepare/Prepare.svelte").catch(missing),
  "/tasks": () => import("./tasks/StillToDo.svelte").catch(missing),
  "/clients": () => import("./clients/Clients.svelte").catch(missing),
  "/clients/:id": () => import("./clients/ClientRecord.svelte").catch(missing),
  "/clients/:id/disclosures": () => import("./clients/Disclosures.svelte").catch(missing),
  "/clients/:id/reports": () => import("./clients/Reports.svelte").catch(missing),
  "/clients/:id/death": () => import("./emergency/DeathPage.svelte").catch(missing),
  "/emergency-access": () => import("./clients/EmergencyAccess.svelte").catch(missing),
  "/second-looks": () => import("./second_looks/SecondLooks.svelte").catch(missing),
  "/code-words": () => import("./code_words/Renew.svelte").catch(missing),
  "/groups": () => import("./groups/Groups.svelte").catch(missing),
  "/group-sessions/:id": () => import("./groups/GroupSession.svelte").catch(missing),
  "/group-sessions/:id/sheet": () => import("./groups/Sheet.svelte").catch(missing),
  "/places": () => import("./places/Places.svelte").catch(missing),
  "/protocols": () => import("./protocols/Library.svelte").catch(missing),
  "/protocols/:id": () => import("./protocols/Protocol.svelte").catch(missing),
  "/protocols/:id/sheet": () => import("./protocols/Sheet.svelte").catch(missing),
  "/practice": () => import("./practice/Practice.svelte").catch(missing),
  "/practice/scenes/:id": () => import("./practice/Scene.svelte").catch(missing),
  "/practice/words": () => import("./practice/Words.svelte").catch(missing),
  "/practice/protocols/:id": () => import("./practice/Walk.svelte").catch(missing),
  "/practice/team": () => import("./practice/Team.svelte").catch(missing),
  "/practice/to-read": () => import("./practice/ToRead.svelte").catch(missing),
  "/bring": () => import("./bring/Bring.svelte").catch(missing),
  "/program": () => import("./program/Program.svelte").catch(missing),
  "/desk": () => import("./desk/Desk.svelte").catch(missing),
  "/enrol": () => import("./sign_in/Enrol.svelte").catch(missing),
  "*": NotFound,
});
