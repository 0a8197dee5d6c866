import { mount } from "svelte";
import App from "./shell/App.svelte";
import "./look/tokens.css";
import "./look/parts.css";
import "./look/screens.css";
import "./look/app.css";

mount(App, { target: document.body });
