package podseek;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/**
 * Starts one OpenSearch node for tests: {@code Launcher HOME key=value ...}. It ends with SIGTERM, and at the end of its
 * standard input: that is a pipe of the process that started it, however that process ends. The system property
 * {@code podseek.plugin} is the class of one more plugin.
 */
public final class Launcher {
    /** A node with plugins from the class path. A plugin that cannot be loaded stops the start. */
    private static final class TestNode extends Node {
        TestNode(Environment environment, Collection<Class<? extends Plugin>> plugins) {
            super(environment, plugins, true);
        }
    }

    private static final List<String> PLUGINS = List.of(
            "org.opensearch.transport.Netty4ModulePlugin",
            "org.opensearch.transport.Netty4Plugin",
            "org.opensearch.index.mapper.MapperExtrasModulePlugin",
            "org.opensearch.index.mapper.MapperExtrasPlugin",
            "org.opensearch.painless.PainlessModulePlugin",
            "org.opensearch.painless.PainlessPlugin",
            "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
            "org.opensearch.analysis.common.CommonAnalysisPlugin");

    private static final int WANTED = 4;

    private static List<Class<? extends Plugin>> plugins() throws ClassNotFoundException {
        List<Class<? extends Plugin>> found = new java.util.ArrayList<>();
        for (String name : PLUGINS) {
            try {
                found.add(Class.forName(name).asSubclass(Plugin.class));
            } catch (ClassNotFoundException absent) {
                continue; // the other name of the same plugin: 2.x and 3.x differ
            }
        }
        if (found.size() != WANTED) {
            throw new IllegalStateException("expected " + WANTED + " plugins, found " + found);
        }
        String more = System.getProperty("podseek.plugin", "");
        if (!more.isEmpty()) {
            found.add(Class.forName(more).asSubclass(Plugin.class));
        }
        return found;
    }

    private static void endWithInput() {
        Thread watching = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    continue; // nothing is expected here
                }
            } catch (java.io.IOException closed) {
                // the same as its end
            }
            System.exit(0);
        }, "input");
        watching.setDaemon(true);
        watching.start();
    }

    public static void main(String[] arguments) throws Exception {
        endWithInput();
        Path home = Path.of(arguments[0]);
        for (String folder : List.of("config", "modules", "plugins")) {
            Files.createDirectories(home.resolve(folder));
        }
        Settings.Builder settings = Settings.builder().put("path.home", home);
        for (int number = 1; number < arguments.length; number++) {
            String[] pair = arguments[number].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Settings all = settings.build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
                all, Map.of(), home.resolve("config"), () -> all.get("node.name"));
        Node node = new TestNode(environment, plugins());
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (java.io.IOException error) {
                error.printStackTrace();
            }
            ended.countDown();
        }));
        node.start();
        System.out.println("started");
        ended.await();
    }
}
