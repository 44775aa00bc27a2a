// Wires the parts together. Each draws itself from the store; the stream fills the store.

import { connect } from "./lib/stream.js";
import { startTabs } from "./lib/tabs.js";
import { startDialogs } from "./lib/dialogs.js";
import { startClock } from "./lib/time.js";
import { startColumns } from "./chat/columns.js";
import { startStrip } from "./people/strip.js";
import { startBoard } from "./crm/board.js";
import { startWebhooks } from "./crm/webhooks.js";
import { startTrouble } from "./crm/trouble.js";

startTabs();
startDialogs();
startClock();
startStrip();
startColumns();
startBoard();
startWebhooks();
startTrouble();
connect();
